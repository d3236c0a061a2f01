#!/bin/sh
# jq picks the fields; awk adds them up, each amount in three parts of whole numbers, for its numbers are doubles.
jq -r 'select(.type == "balance" or .type == "op.start" or .type == "verify" or .type == "request")
  | [.type, .device, .identity, .coin, .tokenId, .delta, .opId, .op, .attempt] | @tsv' "$1"/* |
  awk -F '\t' '
    $1 == "op.start" { name[$7] = $8; next }
    $1 != "balance" { ops[name[$7]]; if ($9 > 1) retries[name[$7]]++; else trips[name[$7]]++; next }
    {
      sign = 1
      amount = $6
      if (substr(amount, 1, 1) == "-") { sign = -1; amount = substr(amount, 2) }
      point = index(amount, ".")
      whole = point ? substr(amount, 1, point - 1) : amount
      part = substr((point ? substr(amount, point + 1) : "") "000000000000000000", 1, 18)
      devices[$2]; identity[$2] = $3
      key = $2 SUBSEP $3 SUBSEP $4 SUBSEP $5
      a[key] += sign * whole
      b[key] += sign * substr(part, 1, 9)
      c[key] += sign * substr(part, 10, 9)
      if (a[key] == 0 && b[key] == 0 && c[key] == 0) { delete a[key]; delete b[key]; delete c[key] }
    }
    END {
      for (device in devices) of[identity[device]]++
      for (key in a) {
        split(key, is, SUBSEP)
        coin = is[1] SUBSEP is[3]
        A[coin] += a[key]; B[coin] += b[key]; C[coin] += c[key]; N[coin]++
        token = is[2] SUBSEP is[4]
        value = a[key] SUBSEP b[key] SUBSEP c[key]
        held[token]++
        if (!(token in first)) first[token] = value
        else if (first[token] != value) unlike[token]
      }
      for (coin in N) {
        split(coin, is, SUBSEP)
        up = floor(C[coin] / 1e9); C[coin] -= up * 1e9; B[coin] += up
        up = floor(B[coin] / 1e9); B[coin] -= up * 1e9; A[coin] += up
        printf "balance\t%s\t%s\t%.0f.%09.0f%09.0f\t%d\n", is[1], is[2], A[coin], B[coin], C[coin], N[coin]
      }
      for (op in ops) printf "trips\t%s\t%d\t%d\n", op, trips[op], retries[op]
      for (token in held) { split(token, is, SUBSEP); if (held[token] != of[is[1]] || token in unlike) differing++ }
      printf "differing\t%d\n", differing
    }
    function floor(number) { return number < int(number) ? int(number) - 1 : int(number) }'
