# The logs have nothing but balances. They differ, and no line says why.
peer1  balance T1 UCT 100
peer1  balance T2 UCT 5
peer2  balance T1 UCT 100
peer1  end quiescent
peer2  end quiescent
=== innocent
# They differ, and peer2 says that something was still under way.
peer1  balance T1 UCT 100
peer1  balance T2 UCT 5
peer2  balance T1 UCT 100
peer1  end quiescent
peer2  end pending
