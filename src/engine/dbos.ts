/** DBOS as this process has it: within a bundle this module is the only way to that one. */
export { DBOS } from '@dbos-inc/dbos-sdk';
