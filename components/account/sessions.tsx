'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import { showFailure, showToast } from '#components/ui/toast.ts'
import { send } from '#lib/rest/client.ts'
import { deviceWords, placeWords } from './device-words.ts'
import { type OwnSession, SESSIONS, sessionsQuery } from './queries.ts'
import { LINES_CLASS, Line, NoLines, Section } from './section.tsx'

/** Where one is signed in, and ways to end that elsewhere. */
export function Sessions({ now }: { now: number }) {
  const { data, error } = useQuery(sessionsQuery)
  const [isEnding, setEnding] = useState(false)
  const queries = useQueryClient()
  const sessions = data?.toSorted((one, other) => Number(other.current) - Number(one.current))
  const endOthers = async () => {
    await send('POST /api/auth/revoke-other-sessions', { body: {} })
    await queries.invalidateQueries({ queryKey: SESSIONS })
    showToast({ message: 'You are signed in here alone.' })
  }
  return (
    <Section
      id="sessions"
      title="Sessions"
      about="Where you are signed in. One that is not used for some days ends by itself."
      action={
        sessions !== undefined &&
        sessions.length > 1 && <Button onPress={() => setEnding(true)}>Sign out everywhere else</Button>
      }
    >
      {sessions === undefined && <NoLines error={error} />}
      <div className={LINES_CLASS}>
        {sessions?.map((session) => (
          <SessionLine key={session.id} session={session} now={now} />
        ))}
      </div>
      {isEnding && (
        <QuestionDialog
          title="Sign out everywhere else"
          action="Sign out"
          onDo={endOthers}
          onClose={() => setEnding(false)}
        >
          <p>All your sessions end but this one. Keys and connected clients stay.</p>
        </QuestionDialog>
      )}
    </Section>
  )
}

function SessionLine({ session, now }: { session: OwnSession; now: number }) {
  const queries = useQueryClient()
  const { token, userAgent, ipAddress, updatedAt, createdAt, current } = session
  const device = deviceWords(userAgent)
  const end = async () => {
    try {
      await send('POST /api/auth/revoke-session', { body: { token } })
      showToast({ message: `${device} is signed out.` })
    } catch (error) {
      showFailure(`${device} was not signed out.`, error, { retry: () => void end() })
    }
    await queries.invalidateQueries({ queryKey: SESSIONS })
  }
  return (
    <Line
      title={device}
      badges={current && <Badge tone="lapis">this device</Badge>}
      actions={
        !current && (
          <Button aria-label={`Sign out ${device}`} onPress={() => void end()}>
            Sign out
          </Button>
        )
      }
    >
      From {placeWords(ipAddress)},{' '}
      <time dateTime={updatedAt} title={formatMoment(updatedAt)}>
        seen {formatAgo(updatedAt, now)}
      </time>
      ,{' '}
      <time dateTime={createdAt} title={formatMoment(createdAt)}>
        signed in {formatAgo(createdAt, now)}
      </time>
    </Line>
  )
}
