# peer1 and peer2 have an effect of peer3, of which there is no log.
peer1  replication x1 origin=peer3 originSeq=1 applied
peer1  balance T1 UCT 100 effect=x1
peer2  replication x1 origin=peer3 originSeq=1 applied
peer2  balance T1 UCT 100 effect=x1
peer1  end quiescent
peer2  end quiescent
=== innocent
# Everybody who is named has a log, though one of them did nothing.
peer3  start
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  applied e1 booked
peer3  applied e1 booked
peer1  end quiescent
peer2  end quiescent
peer3  end quiescent
