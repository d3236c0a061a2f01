# budget: pay.retries<=3
# One request is sent five times; its limit is three repetitions.
: run=run-1
bob-phone  start
bob-phone  begin pay opId=op-1
bob-phone  request submit failed requestId=r1 opId=op-1 durationMs=40 after=40
bob-phone  request submit failed requestId=r1 attempt=2 opId=op-1 durationMs=40 after=40
bob-phone  request submit failed requestId=r1 attempt=3 opId=op-1 durationMs=40 after=40
bob-phone  request submit failed requestId=r1 attempt=4 opId=op-1 durationMs=40 after=40
bob-phone  request submit requestId=r1 attempt=5 opId=op-1 durationMs=40 after=40
bob-phone  done pay opId=op-1 durationMs=210
bob-phone  end quiescent
=== innocent
# Five requests, two of them sent twice.
: run=run-1
bob-phone  start
bob-phone  begin pay opId=op-1
bob-phone  request submit failed requestId=r1 opId=op-1 durationMs=40 after=40
bob-phone  request submit requestId=r1 attempt=2 opId=op-1 durationMs=40 after=40
bob-phone  request fetch failed requestId=r2 opId=op-1 durationMs=40 after=40
bob-phone  request fetch requestId=r2 attempt=2 opId=op-1 durationMs=40 after=40
bob-phone  request fetch requestId=r3 opId=op-1 durationMs=40 after=40
bob-phone  done pay opId=op-1 durationMs=210
bob-phone  end quiescent
