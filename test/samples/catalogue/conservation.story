# The transfer puts out one UCT more than it takes in, and both devices believe it.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  write e2 kind=transfer inputs=T1 outputs=T2:UCT:100,A1:UCT:1:alice booked
peer2  applied e1 booked
peer2  applied e2 booked
peer1  end quiescent
peer2  end quiescent
=== innocent
# A burn puts out less than it takes in: the rest is burnt.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  write e2 kind=burn inputs=T1 outputs=T2:UCT:99 booked
peer2  applied e1 booked
peer2  applied e2 booked
peer1  end quiescent
peer2  end quiescent
