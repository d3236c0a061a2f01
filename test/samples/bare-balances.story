# All that these two devices log is their balances. That is enough to say that they differ, by which tokens and by how
# much; why they differ would take lines about writes and replication.
: ids=hex epoch=2026-05-31T01:30:00.000Z
bob-peer1  balance coin100 UCT 100
bob-peer2  balance coin100 UCT 100
bob-peer1  balance coin100 UCT -100
bob-peer1  balance change UCT 99.999999999989
bob-peer2  balance change UCT 99.999999999989
bob-peer1  balance dollars USDC 2500
bob-peer2  balance dollars USDC 2500
