# bob-peer2 is given an effect by two ways and applies it twice: alice's 15 UCT count 30.
: run=soak-14 ids=hex epoch=2026-05-31T00:05:00.000Z clock=bob-peer2:740
bob-peer1  start
bob-peer2  start after=300
bob-peer1  write mint1 key=token:coin100 kind=mint outputs=coin100:UCT:100 booked opId=op-1 after=800
bob-peer2  received mint1 after=52
bob-peer2  applied mint1 booked after=4
bob-peer2  received mint1 after=90
bob-peer2  deduplicated mint1 reason=known after=2
bob-peer1  write receive1 key=inbox:alice15 kind=receive outputs=alice15:UCT:15 booked opId=op-2 after=600
bob-peer1  verify receive1 opId=op-2 gateway=ipfs-b.example durationMs=220 after=222
bob-peer2  received receive1 after=40
bob-peer2  applied receive1 after=5
bob-peer2  balance alice15 UCT 15 effect=receive1 after=1
bob-peer2  received receive1 after=2
bob-peer2  applied receive1 after=5
bob-peer2  balance alice15 UCT 15 effect=receive1 after=1
bob-peer1  read UCT 115 tokens=2 after=300
bob-peer2  read UCT 130 tokens=2 after=10
bob-peer1  end quiescent after=100
bob-peer2  end quiescent after=20
