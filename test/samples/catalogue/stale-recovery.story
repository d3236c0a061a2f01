# peer2 has imported the newer snapshot once; after its clear it takes the older one, and lacks what lies between.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  publish s1 frontier=peer1:1 contents=e1
peer1  write e2 kind=mint outputs=T2:UCT:5 booked
peer1  publish s2 frontier=peer1:2 contents=e1,e2
peer2  import s2 booked
peer2  clear
peer2  import s1 booked
peer2  write f1 key=contact:alice
peer1  applied f1
peer1  end quiescent
peer2  end quiescent
=== innocent
# peer2 recovers from the older snapshot and is given the rest, past its frontier.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  publish s1 frontier=peer1:1 contents=e1
peer2  clear
peer2  import s1 booked
peer1  write e2 kind=mint outputs=T2:UCT:5 booked
peer1  publish s2 frontier=peer1:2 contents=e1,e2
peer2  applied e2 booked
peer2  write f1 key=contact:alice
peer1  applied f1
peer1  end quiescent
peer2  end quiescent
