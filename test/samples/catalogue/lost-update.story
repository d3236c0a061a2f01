# peer1 pays, and the payment never reaches peer2, though both say at the end that nothing is under way.
peer2  write f1 key=contact:alice
peer1  applied f1
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  end quiescent
peer2  end quiescent
=== innocent
# peer2 says that it still waits for something: the payment may be on its way.
peer2  write f1 key=contact:alice
peer1  applied f1
peer1  write e1 kind=mint outputs=T1:UCT:100 booked
peer1  end quiescent
peer2  end pending
