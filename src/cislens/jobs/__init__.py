"""Many pieces of work, done once each whatever stops the machine.

A `plan.Piece` is a registered function and its options as JSON; its identity is the hash of both.
A `store.Store` is the folder of a run: a finished piece is a folder of results that appeared whole,
with the hashes of its files. `executor.run` does what is not done yet, in this process, in several
or on a Ray cluster; what is killed is done again by the next run, and what is done is never done
twice. Pieces know nothing of networks, and the machines of a cluster must share the folder.
"""
