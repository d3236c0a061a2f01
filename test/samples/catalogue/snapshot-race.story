# The snapshot is captured while the spend is not yet durable: it claims the spend and does not hold it. Who recovers from it has the spent token back.
peer1  write e1 key=token:T1 kind=mint outputs=T1:UCT:100 booked
peer1  verify e1
peer1  write e2 key=outbox:A1 kind=transfer inputs=T1 outputs=T2:UCT:99.999999999989,A1:UCT:0.000000000011:alice booked
peer1  publish s1 frontier=peer1:2 contents=e1
peer1  verify e2
peer2  clear
peer2  import s1 booked
peer2  read UCT 100 tokens=1
peer1  end quiescent
peer2  end quiescent
=== innocent
# The snapshot is captured before the spend is durable, and its frontier ends before the spend, which is delivered afterwards.
peer1  write e1 key=token:T1 kind=mint outputs=T1:UCT:100 booked
peer1  verify e1
peer1  write e2 key=outbox:A1 kind=transfer inputs=T1 outputs=T2:UCT:99.999999999989,A1:UCT:0.000000000011:alice booked
peer1  publish s1 frontier=peer1:1 contents=e1
peer1  verify e2
peer2  clear
peer2  import s1 booked
peer2  applied e2 booked
peer2  read UCT 99.999999999989 tokens=1
peer1  end quiescent
peer2  end quiescent
