# The same loss as in lost-update, perhaps: but eight lines of bob-peer2 are missing just where the money would have
# arrived. The answer is not checked for what they could hide, and held for all that they could not.
: run=soak-13 ids=hex epoch=2026-05-30T23:40:00.000Z clock=bob-peer2:-3400
bob-peer1  start
bob-peer2  start after=300
bob-peer1  write mint1 key=token:coin100 kind=mint outputs=coin100:UCT:100 booked opId=op-1 after=800
bob-peer1  verify mint1 opId=op-1 gateway=ipfs-a.example durationMs=201 after=203
bob-peer2  received mint1 after=52
bob-peer2  applied mint1 booked after=4
bob-peer1  begin receive opId=op-2 after=600
bob-peer1  write receive1 key=inbox:alice15 kind=receive outputs=alice15:UCT:15 booked opId=op-2 after=30
bob-peer1  verify receive1 opId=op-2 gateway=ipfs-b.example durationMs=220 after=222
bob-peer1  done receive opId=op-2 durationMs=255 after=3
- bob-peer2  log after=10
- bob-peer2  received receive1 after=10
- bob-peer2  applied receive1 after=10
- bob-peer2  balance alice15 UCT 15 effect=receive1
- bob-peer2  log after=10
- bob-peer2  log after=10
- bob-peer2  log after=10
- bob-peer2  log after=10
bob-peer1  write contact1 key=contact:alice after=40
bob-peer1  verify contact1 gateway=ipfs-a.example durationMs=190 after=192
bob-peer2  received contact1 after=70
bob-peer2  applied contact1 after=5
bob-peer1  end quiescent heads=contact1 after=100
bob-peer2  end quiescent heads=contact1 after=20
