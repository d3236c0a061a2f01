# peer1 ended orderly; the log of peer2 stops in the middle.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  received e1
peer1  end quiescent
=== innocent
# Nobody ended orderly: the run was aborted, and no log is shorter than it should be.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  received e1
