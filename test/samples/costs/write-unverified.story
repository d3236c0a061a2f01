# The device stopped in order, and one of its writes was never found to be durable.
: run=run-1
bob-phone  start
bob-phone  write e1 key=outbox
bob-phone  verify e1 durationMs=200 after=200
bob-phone  write e2 key=outbox
bob-phone  verify e2 failed durationMs=200 after=200
bob-phone  write e3 key=outbox
bob-phone  verify e3 durationMs=200 after=200
bob-phone  end quiescent
=== innocent
# The same, but the process was killed: what was under way is pending.
: run=run-1
bob-phone  start
bob-phone  write e1 key=outbox
bob-phone  verify e1 durationMs=200 after=200
bob-phone  write e2 key=outbox
bob-phone  verify e2 failed durationMs=200 after=200
