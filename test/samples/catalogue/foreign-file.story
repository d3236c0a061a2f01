# A log of an earlier run was left in the folder. It is set aside, and the rest is judged without it.
: run=run-2
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer2  applied e1 booked
peer1  balance T7 UCT 7 run=run-1 file=old.ndjson
peer1  end quiescent seq=3
peer2  end quiescent
=== innocent
# Two files of one device belong to one run.
: run=run-2
peer1  start file=peer1-start-1.ndjson
peer1  write e1 kind=mint outputs=T1:UCT:100 booked file=peer1-start-1.ndjson
peer1  end quiescent file=peer1-start-1.ndjson
peer1  start file=peer1-start-2.ndjson
peer2  applied e1 booked
peer1  end quiescent file=peer1-start-2.ndjson
peer2  end quiescent
