# Both show 100 UCT in two tokens, but not in the same ones.
peer1  balance T1 UCT 60
peer1  balance T2 UCT 40
peer2  balance T3 UCT 50
peer2  balance T4 UCT 50
peer1  end quiescent
peer2  end quiescent
=== innocent
# Both come to the same tokens by different ways.
peer1  balance T1 UCT 60
peer1  balance T2 UCT 40
peer2  balance T3 UCT 100
peer2  balance T3 UCT -100
peer2  balance T2 UCT 40
peer2  balance T1 UCT 60
peer1  end quiescent
peer2  end quiescent
