# After its clear, peer2 has a token again that no effect and no snapshot brought: a cache survived.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  applied e1 booked
peer2  clear
peer2  applied e1 booked
peer2  balance T9 UCT 7
peer1  end quiescent
peer2  end quiescent
=== innocent
# After its clear, peer2 has what the snapshot holds, and nothing else.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  publish s1 frontier=peer1:1 contents=e1
peer2  applied e1 booked
peer2  clear
peer2  import s1 booked
peer1  end quiescent
peer2  end quiescent
