# The effect is delivered twice, applied twice, and booked twice.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  applied e1
peer2  balance T1 UCT 100 effect=e1
peer2  applied e1
peer2  balance T1 UCT 100 effect=e1
peer1  end quiescent
peer2  end quiescent
=== innocent
# The effect is delivered twice and applied twice; the second time nothing moves.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  applied e1 booked
peer2  applied e1
peer1  end quiescent
peer2  end quiescent
