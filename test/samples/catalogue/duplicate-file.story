# A file is there twice, under two names. One of them counts.
: copy=peer1.ndjson:peer1.copy.ndjson
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  applied e1 booked
peer1  end quiescent
peer2  end quiescent
=== innocent
# Two devices log the same, line by line, each in its own name.
peer1  balance T1 UCT 100
peer2  balance T1 UCT 100
peer1  end quiescent
peer2  end quiescent
