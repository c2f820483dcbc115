'use client'

import { useState, useSyncExternalStore } from 'react'
import { SCOPE_WORDS } from '#components/access/rights-words.ts'
import { CheckList } from '#components/forms/check-list.tsx'
import { Lead } from '#components/sign-in/open-page.tsx'
import { Button } from '#components/ui/button.tsx'
import type { ConsentQuestion } from '#lib/oauth/schema.ts'
import { call } from '#lib/rest/client.ts'
import { voucher, warning } from './consent-words.ts'

/**
 * Asks a person whether a client may act for them, and takes the browser to the client with the answer.
 * @param props.query the query of the authorization request, which the server reads anew
 */
export function Consent({ question, query }: { question: ConsentQuestion; query: string }) {
  const { client, redirect, person } = question
  const [chosen, setChosen] = useState<readonly string[]>(() =>
    question.scopes.filter(({ isChosen }) => isChosen).map(({ scope }) => scope),
  )
  const { decide, state, fault } = useDecision(query, person.id)
  const careful = warning(question)
  if (state === 'gone') return <Gone name={client.name} />
  return (
    <>
      <Lead>
        <strong className="font-medium text-ink [overflow-wrap:anywhere]">{client.name}</strong> wants to use
        Incipit for you. {voucher(client)}
      </Lead>
      <Choices question={question} chosen={chosen} onChange={setChosen} />
      <p className="mt-5 text-sm [overflow-wrap:anywhere]">
        The answer goes to <strong className="font-medium">{redirect.host}</strong>. You are signed in as{' '}
        {person.display}.
      </p>
      {careful && <p className="mt-3 rounded-md bg-rubric-wash px-3 py-2 text-sm">{careful}</p>}
      {fault && (
        <p role="alert" className="mt-3 text-rubric text-sm">
          {fault}
        </p>
      )}
      <div className="mt-6 flex gap-2">
        <Button
          look="primary"
          isDisabled={state !== 'ready' || chosen.length === 0}
          onPress={() => decide(question.scopes.filter(({ scope }) => chosen.includes(scope)))}
        >
          Allow
        </Button>
        <Button isDisabled={state !== 'ready'} onPress={() => decide([])}>
          Deny
        </Button>
      </div>
      <p className="mt-4 text-ink-faint text-xs">
        It may never do more than you, and you can cut it off at any time, in Settings.
      </p>
    </>
  )
}

/** The rights that it asks for, and those that it can be given besides. */
function Choices({
  question: { scopes },
  chosen,
  onChange,
}: {
  question: ConsentQuestion
  chosen: readonly string[]
  onChange: (chosen: readonly string[]) => void
}) {
  const groups = [
    { id: 'asked', legend: 'It asks to', items: scopes.filter(({ isAsked }) => isAsked) },
    {
      id: 'more',
      legend: 'You can also let it',
      hint: 'Many programs do not ask again when a tool needs more.',
      items: scopes.filter(({ isAsked, isPossible }) => !isAsked && isPossible),
    },
  ]
  return groups.map(({ id, items, ...words }) => {
    const own = items.map(({ scope }): string => scope)
    if (own.length === 0) return null
    return (
      <div key={id} className="mt-6">
        <CheckList
          id={id}
          {...words}
          items={items.map(({ scope, isPossible }) => ({
            id: scope,
            label: SCOPE_WORDS[scope],
            reason: isPossible ? undefined : 'Your role does not allow it.',
          }))}
          ticked={chosen}
          onChange={(ticked) => onChange([...chosen.filter((each) => !own.includes(each)), ...ticked])}
        />
      </div>
    )
  })
}

/** The page stays where the browser hands the answer to an app, and until a slow client takes it. */
function Gone({ name }: { name: string }) {
  return (
    <Lead>
      The answer is on its way to <strong className="font-medium text-ink">{name}</strong>. You can close this
      window when it has arrived.
    </Lead>
  )
}

const never = () => () => undefined

/** Sends what the person decided. Nothing can be pressed before the page's script has taken hold of it. */
function useDecision(query: string, person: string) {
  const inBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  const [state, setState] = useState<'ready' | 'sending' | 'gone'>('ready')
  const [fault, setFault] = useState<string>()
  const decide = async (allowed: ConsentQuestion['scopes']) => {
    setState('sending')
    try {
      const body = { query, person, scopes: allowed.map(({ scope }) => scope) }
      const { location } = await call('POST /api/clients/consent', { body })
      setState('gone')
      window.location.assign(location)
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
      setState('ready')
    }
  }
  return { decide, state: inBrowser ? state : 'sending', fault }
}
