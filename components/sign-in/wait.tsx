'use client'

import { useEffect, useState } from 'react'

/** Counts down beside a fault that says it in words already, so readers do not hear each second. */
export function Wait({ until }: { until: number }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  const left = Math.ceil((until - now) / 1_000)
  return (
    <span aria-hidden="true" data-volatile className="mt-1 block text-ink-soft tabular-nums">
      {left > 0
        ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`
        : 'You can try again.'}
    </span>
  )
}

/** `a minute`, `14 minutes`: seconds as they are told. */
export function waitWords(seconds: number): string {
  if (seconds < 60) return seconds <= 1 ? 'a second' : `${seconds} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes === 1 ? 'a minute' : `${minutes} minutes`
}
