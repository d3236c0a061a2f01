# Both devices show 100 UCT in two tokens each. They are not the same tokens: one of them holds what was split.
: run=soak-16 ids=hex epoch=2026-05-31T01:00:00.000Z
bob-peer1  start
bob-peer2  start after=300
bob-peer1  balance whole70 UCT 70 after=800
bob-peer2  balance whole70 UCT 70 after=60
bob-peer1  balance other30 UCT 30 after=500
bob-peer2  balance other30 UCT 30 after=60
bob-peer1  read UCT 100 tokens=2 after=100
bob-peer2  read UCT 100 tokens=2 after=10
bob-peer1  balance whole70 UCT -70 after=900
bob-peer1  balance other30 UCT -30 after=1
bob-peer1  balance half50a UCT 50 after=1
bob-peer1  balance half50b UCT 50 after=1
bob-peer1  read UCT 100 tokens=2 after=300
bob-peer2  read UCT 100 tokens=2 after=10
bob-peer1  end quiescent after=100
bob-peer2  end quiescent after=20
