# The effect arrives at peer2, which does nothing with it and ends with nothing left to do.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  received e1
peer1  end quiescent
peer2  end quiescent
=== innocent
# The run was cut short while the effect waited at peer2.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  received e1
