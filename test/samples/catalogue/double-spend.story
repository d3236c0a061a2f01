# Two devices spend one token, each before it heard of the other. The arbiter accepts one of them.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  applied e1 booked
peer1  write e2 kind=transfer inputs=T1 outputs=T2:UCT:60,A1:UCT:40:alice booked
peer1  arbiter T1 accepted
peer2  write f1 kind=transfer inputs=T1 outputs=T3:UCT:10,A2:UCT:90:alice booked
peer2  arbiter T1 spent
peer1  applied f1 booked
peer2  applied e2 booked
peer1  end quiescent
peer2  end quiescent
=== innocent
# One spend, asked for twice: the second answer is about the first.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  applied e1 booked
peer1  request submit failed requestId=rq-1 attempt=1
peer1  request submit requestId=rq-1 attempt=2
peer1  arbiter T1 accepted requestId=rq-1
peer1  write e2 kind=transfer inputs=T1 outputs=T2:UCT:60,A1:UCT:40:alice booked
peer1  arbiter T1 spent requestId=rq-1
peer2  applied e2 booked
peer1  end quiescent
peer2  end quiescent
