# peer2 applies the effect, goes on, and never books it.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  applied e1
peer1  end quiescent
peer2  end quiescent
=== innocent
# peer2 hears of the spend first: a token that is spent before it is born never comes alive.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  write e2 kind=transfer inputs=T1 outputs=T2:UCT:99,A1:UCT:1:alice booked
peer2  applied e2 booked
peer2  applied e1
peer1  end quiescent
peer2  end quiescent
