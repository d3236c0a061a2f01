# The last line of peer2 stops in the middle: it is dropped and named, and what it said is not known.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  received e1
peer2  applied e1 booked
peer1  end quiescent
~ peer2  end quiescent
=== innocent
# The last line of peer2 has no newline behind it, and is whole.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  received e1
peer2  applied e1 booked
peer1  end quiescent
| peer2  end quiescent
