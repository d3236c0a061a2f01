# peer1 says two things under one number.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  read UCT 100 tokens=1
peer1  section seq=3 section="§B" title="Recover"
peer2  applied e1 booked
peer1  end quiescent
peer2  end quiescent
=== innocent
# peer1 says the same twice, once in each of two files.
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  read UCT 100 tokens=1 time=1748642400500
peer1  read UCT 100 tokens=1 time=1748642400500 seq=3 file=tail.ndjson
peer2  applied e1 booked
peer1  end quiescent
peer2  end quiescent
