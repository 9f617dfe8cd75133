# SPDX-License-Identifier: Apache-2.0
"""Programs that a test starts do not outlive it, however it ends."""


def with_me(*command):
    """The command, so started that the kernel ends it when the process that started it is gone. A driver that
    was killed leaves nobody behind who holds its output open or sits on a mounted file system."""
    return ["setpriv", "--pdeathsig", "KILL", *map(str, command)]
