# budget: pay<=2
# A payment asks three times in a row for what one request could bring; its budget is two round trips.
: run=run-1
bob-phone  start
bob-phone  begin pay opId=op-1
bob-phone  request submit requestId=r1 opId=op-1 durationMs=40 after=40
bob-phone  request fetch requestId=r2 opId=op-1 durationMs=40 after=40
bob-phone  request fetch requestId=r3 opId=op-1 durationMs=40 after=40
bob-phone  done pay opId=op-1 durationMs=130
bob-phone  end quiescent
=== innocent
# A payment repeats one request, and makes another: two round trips and a retry.
: run=run-1
bob-phone  start
bob-phone  begin pay opId=op-1
bob-phone  request submit failed requestId=r1 opId=op-1 durationMs=40 after=40
bob-phone  request submit requestId=r1 attempt=2 opId=op-1 durationMs=40 after=40
bob-phone  request fetch requestId=r2 opId=op-1 durationMs=40 after=40
bob-phone  done pay opId=op-1 durationMs=130
bob-phone  end quiescent
