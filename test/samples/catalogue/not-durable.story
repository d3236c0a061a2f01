# e1 was verified as durable; after its restart peer1 shows nothing of it.
peer1  start
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  verify e1
peer1  end quiescent heads=e1
peer1  start
peer1  tokens
peer1  read UCT 0 tokens=0
peer1  end quiescent heads=
peer2  start
peer2  applied e1 booked
peer2  end quiescent heads=e1
=== innocent
# e1 was verified, and is still there after the restart.
peer1  start
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  verify e1
peer1  end quiescent heads=e1
peer1  start
peer1  tokens T1
peer1  read UCT 100 tokens=1
peer1  end quiescent heads=e1
peer2  start
peer2  applied e1 booked
peer2  end quiescent heads=e1
