# The spend was durable long before the snapshot that claims it and does not hold it.
peer1  write e1 key=token:T1 kind=mint outputs=T1:UCT:100 booked
peer1  verify e1
peer1  write e2 key=outbox:A1 kind=transfer inputs=T1 outputs=T2:UCT:99.999999999989,A1:UCT:0.000000000011:alice booked
peer1  verify e2
peer1  publish s1 frontier=peer1:2 contents=e1
peer2  clear
peer2  import s1 booked
peer1  end quiescent
peer2  end quiescent
=== innocent
# The snapshot holds what it claims, in another order.
peer1  write e1 key=token:T1 kind=mint outputs=T1:UCT:100 booked
peer1  verify e1
peer1  write e2 key=outbox:A1 kind=transfer inputs=T1 outputs=T2:UCT:99.999999999989,A1:UCT:0.000000000011:alice booked
peer1  verify e2
peer1  publish s1 frontier=peer1:2 contents=e2,e1
peer2  clear
peer2  import s1 booked
peer1  end quiescent
peer2  end quiescent
