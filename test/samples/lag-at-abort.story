# The soak was interrupted while the spend was on its way to bob-peer2: it has arrived, and is not applied. Nobody
# stopped orderly. bob-peer2 still shows the old balance: that is lag, and no loss.
: run=soak-8 ids=hex epoch=2026-05-30T22:40:10.500Z clock=bob-peer2:2210
bob-peer1  start
bob-peer2  start after=400
bob-peer1  write mint1 key=token:coin100 kind=mint outputs=coin100:UCT:100 booked opId=op-1 after=900 msg="put token"
bob-peer1  verify mint1 opId=op-1 gateway=ipfs-a.example durationMs=203 after=205 msg="HEAD-verified"
bob-peer2  received mint1 after=60
bob-peer2  applied mint1 booked after=5
bob-peer2  read UCT 100 tokens=1 after=90
bob-peer1  begin pay opId=op-2 after=700
bob-peer1  write spend1 key=outbox:sent11 kind=transfer inputs=coin100 outputs=change:UCT:99.999999999989,sent11:UCT:0.000000000011:alice booked opId=op-2 after=400 msg="put outbox entry"
bob-peer1  verify spend1 failed opId=op-2 gateway=ipfs-a.example durationMs=190 after=192 msg="HEAD 404"
bob-peer1  read UCT 99.999999999989 tokens=1 after=14
bob-peer2  received spend1 after=31
