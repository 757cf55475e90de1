import type { Operations } from '../service.ts';
import { managedPolicyOperations } from './operations/managed-policies.ts';
import { rolePolicyOperations } from './operations/role-policies.ts';
import { roleOperations } from './operations/roles.ts';
import { simulateOperations } from './operations/simulate.ts';
import type { IamService } from './service.ts';

/** IAM's operations by AWS name (API version 2010-05-08). */
export function iamOperations(iam: IamService): Operations {
  return {
    ...roleOperations(iam),
    ...rolePolicyOperations(iam),
    ...managedPolicyOperations(iam),
    ...simulateOperations(iam),
  };
}
