# bob-peer2 applies the spend and books the change, but keeps the token that was spent: a crash between two balances.
: run=soak-15 ids=hex epoch=2026-05-31T00:30:00.000Z clock=bob-peer2:-90
bob-peer1  start
bob-peer2  start after=300
bob-peer1  write mint1 key=token:coin100 kind=mint outputs=coin100:UCT:100 booked opId=op-1 after=800
bob-peer2  received mint1 after=52
bob-peer2  applied mint1 booked after=4
bob-peer1  write spend1 key=outbox:sent1 kind=transfer inputs=coin100 outputs=change:UCT:60,sent1:UCT:40:alice booked opId=op-2 after=600
bob-peer1  verify spend1 opId=op-2 gateway=ipfs-b.example durationMs=220 after=222
bob-peer2  received spend1 after=40
bob-peer2  applied spend1 after=5
bob-peer2  balance change UCT 60 effect=spend1 after=1
bob-peer2  start after=1500 msg="wallet started after a crash"
bob-peer1  read UCT 60 tokens=1 after=300
bob-peer2  read UCT 160 tokens=2 after=10
bob-peer1  end quiescent after=100
bob-peer2  end quiescent after=20
