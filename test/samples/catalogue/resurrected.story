# peer2 has applied the spend. Then it merges an old snapshot of its cache, and the spent token is back beside its successor.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  publish s1 frontier=peer1:1 contents=e1
peer1  write e2 kind=transfer inputs=T1 outputs=T2:UCT:99,A1:UCT:1:alice booked
peer2  applied e1 booked
peer2  applied e2 booked
peer2  import s1 source=cache
peer2  balance T1 UCT 100 snapshot=s1
peer1  end quiescent
peer2  end quiescent
=== innocent
# peer2 clears between birth and spend and is given both again: the token lives for a moment, as it did the first time.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  write e2 kind=transfer inputs=T1 outputs=T2:UCT:99,A1:UCT:1:alice booked
peer2  applied e1 booked
peer2  applied e2 booked
peer2  clear
peer2  applied e1 booked
peer2  applied e2 booked
peer1  end quiescent
peer2  end quiescent
