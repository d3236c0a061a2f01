# The snapshot claims three effects; after the import everything under `sent` is missing.
peer1  write e1 key=sent:A kind=mint outputs=T1:UCT:1 booked
peer1  write e2 key=token:B kind=mint outputs=T2:UCT:2 booked
peer1  write e3 key=sent:C kind=mint outputs=T3:UCT:3 booked
peer1  publish s1 frontier=peer1:3 contents=e1,e2,e3
peer2  start
peer2  clear
peer2  import s1 contents=e2 booked
peer2  write f1 key=contact:alice
peer1  applied f1
peer1  end quiescent
peer2  end quiescent
=== innocent
# The snapshot claims no more than it holds; the rest is delivered past its frontier.
peer1  write e2 key=token:B kind=mint outputs=T2:UCT:2 booked
peer1  publish s1 frontier=peer1:1 contents=e2
peer1  write e1 key=sent:A kind=mint outputs=T1:UCT:1 booked
peer1  write e3 key=sent:C kind=mint outputs=T3:UCT:3 booked
peer2  start
peer2  clear
peer2  import s1 booked
peer2  applied e1 booked
peer2  applied e3 booked
peer2  write f1 key=contact:alice
peer1  applied f1
peer1  end quiescent
peer2  end quiescent
