# bob-peer1 receives money while bob-peer2 is offline. When bob-peer2 is back, it is given what bob-peer1 wrote
# afterwards, and never what it missed; both stop and say that nothing is under way.
: run=soak-12 ids=hex epoch=2026-05-30T23:10:00.000Z clock=bob-peer2:-3400
bob-peer1  start
bob-peer2  start after=300
bob-peer1  write mint1 key=token:coin100 kind=mint outputs=coin100:UCT:100 booked opId=op-1 after=800
bob-peer1  verify mint1 opId=op-1 gateway=ipfs-a.example durationMs=201 after=203
bob-peer2  received mint1 after=52
bob-peer2  applied mint1 booked after=4
bob-peer2  end quiescent heads=mint1 after=900 msg="wallet stopped"
alice-phone@alice  start after=100
alice-phone  write amint kind=mint outputs=alice40:UCT:40 booked after=200
alice-phone  write apay key=outbox:alice15 kind=transfer inputs=alice40 outputs=alice25:UCT:25,alice15:UCT:15:bob booked after=400
bob-peer1  begin receive opId=op-2 after=600
bob-peer1  write receive1 key=inbox:alice15 kind=receive outputs=alice15:UCT:15 booked opId=op-2 after=30
bob-peer1  verify receive1 opId=op-2 gateway=ipfs-b.example durationMs=220 after=222
bob-peer1  done receive opId=op-2 durationMs=255 after=3
bob-peer2  start after=1200
bob-peer1  write contact1 key=contact:alice after=40
bob-peer1  verify contact1 gateway=ipfs-a.example durationMs=190 after=192
bob-peer2  received contact1 after=70
bob-peer2  applied contact1 after=5
bob-peer1  read UCT 115 tokens=2 after=300
bob-peer2  read UCT 100 tokens=1 after=10
bob-peer1  end quiescent heads=contact1 after=100
bob-peer2  end quiescent heads=contact1 after=20
alice-phone  end quiescent heads=apay after=20
