print "x" % 1
exec "y"
except A, b:
  `c`
