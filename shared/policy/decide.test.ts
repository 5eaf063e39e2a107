import { expect, test } from 'vitest'
import type { Permission } from '../approvals/schema.ts'
import { decide, type PolicyLayer, type Rule } from './decide.ts'

const rule = (layer: PolicyLayer, effect: Permission, tool = 'run_command', more: Partial<Rule> = {}): Rule => ({ layer, effect, tool, ...more })
const effectOf = (...rules: Rule[]) => decide(rules, { tool: 'run_command', risk: 'medium' }).effect

test('what no rule is about asks', () => {
  expect(decide([rule('agent', 'allow', 'read_file')], { tool: 'run_command' })).toEqual({ effect: 'ask', rule: undefined })
  // No name of a tool is anything else in disguise.
  expect(decide([rule('agent', 'allow', 'read_file')], { tool: 'constructor' }).effect).toBe('ask')
})

test('within a layer the rule for the tool comes before the one for all, and of two alike the stricter holds', () => {
  expect(effectOf(rule('agent', 'deny', '*'), rule('agent', 'allow'))).toBe('allow')
  expect(effectOf(rule('project', 'allow'), rule('project', 'ask'), rule('agent', 'allow'))).toBe('ask')
  expect(effectOf(rule('project', 'ask'), rule('project', 'deny'))).toBe('deny')
})

test('a deny of any layer stands', () => {
  for (const layer of ['workspace', 'project', 'agent'] as const) {
    const others = (['workspace', 'project', 'agent'] as const).filter((other) => other !== layer).map((other) => rule(other, 'allow'))
    expect(effectOf(rule(layer, 'deny'), ...others)).toBe('deny')
    expect(effectOf(rule(layer, 'deny', '*'), ...others)).toBe('deny')
  }
})

test('a rule of the project replaces what the agent says, either way', () => {
  expect(effectOf(rule('agent', 'ask'))).toBe('ask')
  expect(effectOf(rule('agent', 'ask'), rule('project', 'allow'))).toBe('allow')
  expect(effectOf(rule('agent', 'allow'), rule('project', 'ask'))).toBe('ask')
  expect(decide([rule('agent', 'ask'), rule('project', 'allow')], { tool: 'run_command' }).rule?.layer).toBe('project')
})

test('an ask of the workspace stands unless it lets projects allow; its allow gives way to the agent', () => {
  const projectAllows = [rule('project', 'allow'), rule('agent', 'allow')]
  expect(effectOf(rule('workspace', 'ask', '*'), ...projectAllows)).toBe('ask')
  expect(effectOf(rule('workspace', 'ask', '*', { projectsMayAllow: true }), ...projectAllows)).toBe('allow')
  expect(effectOf(rule('workspace', 'allow'), rule('agent', 'ask'))).toBe('ask')
  expect(effectOf(rule('workspace', 'allow'))).toBe('allow')
})

test('a rule up to a risk says nothing about what is riskier', () => {
  const upTo = (maxRisk: Rule['maxRisk']) => [rule('project', 'allow', 'run_command', { maxRisk }), rule('agent', 'ask')]
  expect(effectOf(...upTo('low'))).toBe('ask')
  expect(effectOf(...upTo('medium'))).toBe('allow')
  expect(decide(upTo('low'), { tool: 'run_command' }).effect).toBe('allow')
})
