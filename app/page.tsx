import { redirect } from 'next/navigation'

/** The prompts are what one comes for. */
export default function StartPage(): never {
  redirect('/prompts')
}
