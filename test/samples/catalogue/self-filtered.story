# peer2 takes its sibling's effect for its own, because both share one identity.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  received e1
peer2  skipped e1 reason=own-identity
peer1  end quiescent
peer2  end quiescent
=== innocent
# peer1 hears its own effect back from peer2, and skips it rightly.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  received e1
peer2  applied e1 booked
peer1  received e1
peer1  skipped e1 reason=own-identity
peer1  end quiescent
peer2  end quiescent
