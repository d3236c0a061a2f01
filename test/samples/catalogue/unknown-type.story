# peer2 writes lines of a type that the contract does not have. They are counted and listed, never guessed.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  applied e1 booked
peer2  gossip.round fanout=3
peer2  gossip.round fanout=4
peer1  end quiescent
peer2  end quiescent
=== innocent
# A line without `v` is somebody else's, whatever its type.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  applied e1 booked
peer2  raw {"level":30,"time":1748642400100,"pid":7,"hostname":"peer2.local","type":"gossip.round","fanout":3,"msg":"gossip"}
peer1  end quiescent
peer2  end quiescent
