# Three lines of peer2 are missing. What they said of e1 is not known, so e1 is neither lost nor applied.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  write f1 key=contact:alice
- peer2  received e1
- peer2  applied e1 booked
peer2  read UCT 100 tokens=1
peer1  applied f1
peer1  end quiescent
peer2  end quiescent
=== innocent
# All lines of peer2 are there, in the wrong order.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  write f1 key=contact:alice
peer2  applied e1 seq=3
peer2  received e1 seq=2
peer2  balance T1 UCT 100 effect=e1 seq=4
peer1  applied f1
peer1  end quiescent
peer2  end quiescent
