# peer2 shows its user a rounded balance.
peer1  write e1 kind=mint outputs=T1:UCT:99.999999999989 booked
peer2  applied e1 booked
peer2  read UCT 100 tokens=1
peer1  end quiescent
peer2  end quiescent
=== innocent
# peer2 shows what it has at that point, which is not what it has in the end.
peer1  write e1 kind=mint outputs=T1:UCT:99.999999999989 booked
peer2  read UCT 0 tokens=0
peer2  applied e1 booked
peer2  read UCT 99.999999999989000 tokens=1
peer1  end quiescent
peer2  end quiescent
