function __flowlint_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __flowlint_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __flowlint_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __flowlint_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __flowlint_parse_tokens -S
    set -l unparsed_tokens (__flowlint_tokens -pc)
    switch $unparsed_tokens[1]
    case 'flowlint'
        __flowlint_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'analyze'
            __flowlint_parse_subcommand -r 1 'f/filter=' 'c/count=' 'join' 'reader=' 'limit=+' 'workers=' 'o/output=+' 'color=' 'q/quiet' 'severity=' 'sarif-profile=' 'frames' 'flow-metrics=' 'select=+' 'ignore=+' 'version' 'h/help'
        case 'lint'
            __flowlint_parse_subcommand -r 1 'f/filter=' 'c/count=' 'join' 'reader=' 'limit=+' 'workers=' 'config=' 'isolated' 'select=+' 'ignore=+' 'fail-on=' 'require-flows=' 'baseline=' 'no-baseline' 'o/output=+' 'color=' 'q/quiet' 'severity=' 'sarif-profile=' 'frames' 'flow-metrics=' 'exit-zero' 'statistics' 'show-files' 'version' 'h/help'
        case 'watch'
            __flowlint_parse_subcommand -r 1 'i/interface=+' 'D/list-interfaces' 'r/read=' 'follow=' 'duration=' 'c/count=' 'a/autostop=+' 's/snaplen=' 'B/buffer=' 'p/no-promiscuous' 'Q/direction=' 'j/time-stamp-type=' 'immediate' 'w/write=' 'ring=' 'save-on=' 'before=' 'after=' 'o/output=+' 'color=' 'q/quiet' 'severity=' 'sarif-profile=' 'frames' 'flow-metrics=' 'metrics=' 'select=+' 'ignore=+' 'limit=+' 'version' 'h/help'
        case 'record'
            __flowlint_parse_subcommand -r 1 'i/interface=' 'o/write=' 'f/filter=' 'grace=' 'output=+' 'color=' 'q/quiet' 'keep-privileges' 'config=' 'isolated' 'select=+' 'ignore=+' 'fail-on=' 'require-flows=' 'baseline=' 'no-baseline' 'version' 'h/help'
        case 'rules'
            __flowlint_parse_subcommand 1 'pcap=' 'example=' 'color=' 'version' 'h/help'
        case 'baseline'
            __flowlint_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'create'
                __flowlint_parse_subcommand -r 1 'f/filter=' 'c/count=' 'join' 'reader=' 'limit=+' 'config=' 'isolated' 'select=+' 'ignore=+' 'fail-on=' 'require-flows=' 'baseline=' 'no-baseline' 'force' 'version' 'h/help'
            case 'check'
                __flowlint_parse_subcommand -r 1 'f/filter=' 'c/count=' 'join' 'reader=' 'limit=+' 'config=' 'isolated' 'select=+' 'ignore=+' 'fail-on=' 'require-flows=' 'baseline=' 'no-baseline' 'o/output=+' 'color=' 'q/quiet' 'severity=' 'sarif-profile=' 'frames' 'flow-metrics=' 'version' 'h/help'
            case 'prune'
                __flowlint_parse_subcommand -r 1 'f/filter=' 'c/count=' 'join' 'reader=' 'limit=+' 'config=' 'isolated' 'select=+' 'ignore=+' 'fail-on=' 'require-flows=' 'baseline=' 'no-baseline' 'version' 'h/help'
            end
        case 'config'
            __flowlint_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'show'
                __flowlint_parse_subcommand 1 'config=' 'isolated' 'select=+' 'ignore=+' 'fail-on=' 'require-flows=' 'baseline=' 'no-baseline' 'origin' 'version' 'h/help'
            case 'check'
                __flowlint_parse_subcommand -r 1 'version' 'h/help'
            case 'schema'
                __flowlint_parse_subcommand 0 'version' 'h/help'
            end
        case 'follow'
            __flowlint_parse_subcommand -r 1 'f/filter=' 'c/count=' 'join' 'reader=' 'limit=+' 'overlap=' 'bad-checksums' 'direction=' 'format=' 'color=' 'version' 'h/help'
        case 'extract'
            __flowlint_parse_subcommand -r 1 'f/filter=' 'c/count=' 'join' 'reader=' 'limit=+' 'overlap=' 'bad-checksums' 'direction=' 'd/directory=' 'names=' 'force' 'version' 'h/help'
        case 'annotate'
            __flowlint_parse_subcommand 1 'o/output=' 'flow=' 'findings-only' 'around=' 'severity=' 'select=+' 'ignore=+' 'version' 'h/help'
        case 'script'
            __flowlint_parse_subcommand 2 'o/output=' 'version' 'h/help'
        case 'show'
            __flowlint_parse_subcommand -r 1 'f/filter=' 'c/count=' 'join' 'reader=' 'limit=+' 'graph=' 'all' 'severity=' 'color=' 'version' 'h/help'
        case 'states'
            __flowlint_parse_subcommand -r 1 'f/filter=' 'c/count=' 'join' 'reader=' 'limit=+' 'at=+' 'time-wait=' 'o/output=' 'color=' 'version' 'h/help'
        case 'flows'
            __flowlint_parse_subcommand -r 1 'f/filter=' 'c/count=' 'join' 'reader=' 'limit=+' 'where=' 'sort=' 'columns=' 'head=' 'o/output=' 'color=' 'version' 'h/help'
        case 'doctor'
            __flowlint_parse_subcommand 0 'version' 'h/help'
        case 'help'
            __flowlint_parse_subcommand -r 1 'version'
        end
    end
end

function __flowlint_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __flowlint_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __flowlint_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __flowlint_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__flowlint_tokens -p)
    if test -z "$(__flowlint_tokens -t)"
        set -l index (count (__flowlint_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'flowlint' -f
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'analyze' -d 'Say what happened in captures: their quality, what went wrong, how every flow ended.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'lint' -d 'Judge recorded traces by a configuration; for CI.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'watch' -d 'Watch interfaces, a pipe or a growing file, and say what goes wrong as it happens.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'record' -d 'Capture while a command runs, a test suite say, then lint the recording.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'rules' -d 'List the rules, or explain one: what, why, remedy, false positives, sources, examples.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'baseline' -d 'Accept the findings there are, so that only new ones fail.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'config' -d 'Show what a capture would be judged by, check a configuration, print its JSON Schema.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'follow' -d 'Print the reassembled byte streams of one flow, gaps marked.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'extract' -d 'Write the reassembled byte streams of all flows to files.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'annotate' -d 'Write a copy of a capture with the findings as packet comments, for Wireshark.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'script' -d 'Write a flow of a capture as a script, or the capture that a script describes.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'show' -d 'Draw one flow as a ladder: segments, both endpoints\' states, what the applications saw.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'states' -d 'Count endpoints by state, over time or at a moment, as ss would have on each host.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'flows' -d 'List flows: a row each, columns and order as asked.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'doctor' -d 'Check the libraries, the right to capture and the terminal.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint analyze" -ge 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" f filter' -l 'filter' -s 'f' -d 'Read only frames that pass this filter (see pcap-filter(7)).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" c count' -s 'c' -l 'count' -d 'Stop after N frames of each capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" join' -l 'join' -d 'Read all captures as one recording, in the order given, as of a rotated set.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" reader' -l 'reader' -d 'Which code walks the records: auto, libpcap or record.' -rfka 'auto libpcap record'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze"' -l 'limit' -d 'Change a bound on what a capture can make grow; NAME is one of flows, half-open-flows, closed-flows, segments-per-flow, evidence, findings-per-rule, findings, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" workers' -l 'workers' -d 'Analyze a capture by N threads at once, which changes no output. Shared out are plain files, by pairs of hosts, and not for outputs that draw segments. Without it: as many as there are processors, at most 4, for files of 8 MiB and more in which enough hosts talk.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze"' -s 'o' -l 'output' -d 'Write FORMAT (text, concise, json, jsonl, csv, sarif, github, gitlab, junit, checkstyle, html, eve, neutral, xplot) to PATH or standard output; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" color' -l 'color' -d 'Color the text: auto, always or never.' -rfka 'auto always never'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" q quiet' -l 'quiet' -s 'q' -d 'Findings only: no summaries, no progress.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" severity' -l 'severity' -d 'The mildest severity the text tells in full: info, note, warning or error.' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" sarif-profile' -l 'sarif-profile' -d 'How SARIF places findings: standard (octets of the record) or github (frame number as line).' -rfka 'standard github'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" frames' -l 'frames' -d 'Also write a record for each frame that was judged (jsonl).'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" flow-metrics' -l 'flow-metrics' -d 'Which metrics a flow\'s record has (json, jsonl): basic, or full, which takes longer.' -rfka 'basic full'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze"' -l 'select' -d 'Run only these rules: codes, names or families, as SEQ; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze"' -l 'ignore' -d 'Leave these rules out; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint lint" -ge 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" f filter' -l 'filter' -s 'f' -d 'Read only frames that pass this filter (see pcap-filter(7)).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" c count' -s 'c' -l 'count' -d 'Stop after N frames of each capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" join' -l 'join' -d 'Read all captures as one recording, in the order given, as of a rotated set.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" reader' -l 'reader' -d 'Which code walks the records: auto, libpcap or record.' -rfka 'auto libpcap record'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint"' -l 'limit' -d 'Change a bound on what a capture can make grow; NAME is one of flows, half-open-flows, closed-flows, segments-per-flow, evidence, findings-per-rule, findings, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" workers' -l 'workers' -d 'Analyze a capture by N threads at once, which changes no output. Shared out are plain files, by pairs of hosts, and not for outputs that draw segments. Without it: as many as there are processors, at most 4, for files of 8 MiB and more in which enough hosts talk.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" config' -l 'config' -d 'Use this configuration for every capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" isolated' -l 'isolated' -d 'Look for no configuration and no baseline.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint"' -l 'select' -d 'Run only these rules: codes, names or families, as SEQ; instead of the configuration\'s \'select\'.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint"' -l 'ignore' -d 'Leave these rules out; beside the configuration\'s \'ignore\'.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" fail-on' -l 'fail-on' -d 'The mildest severity that fails the run: info, note, warning or error (default: the configuration\'s, else warning).' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" require-flows' -l 'require-flows' -d 'How many TCP flows a capture must hold.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" baseline' -l 'baseline' -d 'Findings of this file are known (default: .flowlint-baseline.yml beside the configuration).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" no-baseline' -l 'no-baseline' -d 'Use no baseline.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint"' -s 'o' -l 'output' -d 'Write FORMAT (text, concise, json, jsonl, csv, sarif, github, gitlab, junit, checkstyle, html, eve, neutral, xplot) to PATH or standard output; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" color' -l 'color' -d 'Color the text: auto, always or never.' -rfka 'auto always never'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" q quiet' -l 'quiet' -s 'q' -d 'Findings only: no summaries, no progress.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" severity' -l 'severity' -d 'The mildest severity the text tells in full: info, note, warning or error.' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" sarif-profile' -l 'sarif-profile' -d 'How SARIF places findings: standard (octets of the record) or github (frame number as line).' -rfka 'standard github'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" frames' -l 'frames' -d 'Also write a record for each frame that was judged (jsonl).'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" flow-metrics' -l 'flow-metrics' -d 'Which metrics a flow\'s record has (json, jsonl): basic, or full, which takes longer.' -rfka 'basic full'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" exit-zero' -l 'exit-zero' -d 'Exit 0 whatever is found; wrong usage and unreadable input still exit 2.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" statistics' -l 'statistics' -d 'Also say how often each rule found something.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" show-files' -l 'show-files' -d 'Only list the captures and the configuration each would be judged by.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint lint" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch"' -l 'interface' -s 'i' -d 'Watch this interface; any is all of them; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" D list-interfaces' -s 'D' -l 'list-interfaces' -d 'List the interfaces that can be watched.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" r read' -s 'r' -l 'read' -d 'Watch a pipe or file to its end; - is standard input.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" follow' -l 'follow' -d 'Watch a file that is still being written.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" duration' -l 'duration' -d 'End after this long, as 30s or 2h.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" c count' -s 'c' -l 'count' -d 'End after N frames.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch"' -s 'a' -l 'autostop' -d 'End at duration:TIME, packets:N, filesize:SIZE (kB without a unit) or findings:N; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" s snaplen' -s 's' -l 'snaplen' -d 'Keep at most this many octets of each frame.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" B buffer' -s 'B' -l 'buffer' -d 'What the kernel may hold for each interface, as 64MiB (MiB without a unit).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" no-promiscuous p' -s 'p' -l 'no-promiscuous' -d 'Take only frames that are for this machine.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" Q direction' -s 'Q' -l 'direction' -d 'Take frames going both ways, in or out.' -rfka 'both in out'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" j time-stamp-type' -s 'j' -l 'time-stamp-type' -d 'Where time stamps come from (pcap-tstamp(7)), as adapter.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" immediate' -l 'immediate' -d 'Take every frame at once: a little sooner, at a much greater cost a frame.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" w write' -s 'w' -l 'write' -d 'Write frames to this pcapng file; - is standard output.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" ring' -l 'ring' -d 'With -w: keep the newest files only, each of this size at most.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" save-on' -l 'save-on' -d 'With -w: write only what lies around findings of this severity or worse, a file each time.' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" before' -l 'before' -d 'With --save-on: how much of what came before.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" after' -l 'after' -d 'With --save-on: how much of what comes after.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch"' -s 'o' -l 'output' -d 'Write FORMAT (text, concise, json, jsonl, csv, sarif, github, gitlab, junit, checkstyle, html, eve, neutral, xplot) to PATH or standard output; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" color' -l 'color' -d 'Color the text: auto, always or never.' -rfka 'auto always never'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" q quiet' -l 'quiet' -s 'q' -d 'Findings only: no summaries, no progress.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" severity' -l 'severity' -d 'The mildest severity the text tells in full: info, note, warning or error.' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" sarif-profile' -l 'sarif-profile' -d 'How SARIF places findings: standard (octets of the record) or github (frame number as line).' -rfka 'standard github'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" frames' -l 'frames' -d 'Also write a record for each frame that was judged (jsonl).'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" flow-metrics' -l 'flow-metrics' -d 'Which metrics a flow\'s record has (json, jsonl): basic, or full, which takes longer.' -rfka 'basic full'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" metrics' -l 'metrics' -d 'Serve counts for Prometheus at /metrics; without an address on the loopback.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch"' -l 'select' -d 'Run only these rules; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch"' -l 'ignore' -d 'Leave these rules out; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch"' -l 'limit' -d 'Change a bound on what traffic can make grow; NAME is one of flows, half-open-flows, closed-flows, segments-per-flow, evidence, findings-per-rule, findings, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint watch" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" i interface' -l 'interface' -s 'i' -d 'The interface, as lo; any is all of them.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" o write' -s 'o' -l 'write' -d 'Where the recording goes.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" f filter' -l 'filter' -s 'f' -d 'Record only what passes (pcap-filter(7)).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" grace' -l 'grace' -d 'How long to wait for closing exchanges after the command has ended, as 2s.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record"' -l 'output' -d 'Write findings as FORMAT; as in \'flowlint lint\'.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" color' -l 'color' -d 'Color the text: auto, always or never.' -rfka 'auto always never'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" q quiet' -l 'quiet' -s 'q' -d 'Findings only.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" keep-privileges' -l 'keep-privileges' -d 'Under sudo or doas, run the command as root as well, not as the user who called.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" config' -l 'config' -d 'Use this configuration for every capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" isolated' -l 'isolated' -d 'Look for no configuration and no baseline.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record"' -l 'select' -d 'Run only these rules: codes, names or families, as SEQ; instead of the configuration\'s \'select\'.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record"' -l 'ignore' -d 'Leave these rules out; beside the configuration\'s \'ignore\'.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" fail-on' -l 'fail-on' -d 'The mildest severity that fails the run: info, note, warning or error (default: the configuration\'s, else warning).' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" require-flows' -l 'require-flows' -d 'How many TCP flows a capture must hold.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" baseline' -l 'baseline' -d 'Findings of this file are known (default: .flowlint-baseline.yml beside the configuration).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" no-baseline' -l 'no-baseline' -d 'Use no baseline.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint record" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint rules" -eq 1' -fka 'HSK101 HSK102 HSK103 HSK104 HSK105 HSK106 HSK107 HSK108 HSK109 HSK110 HSK111 HSK112 HSK113 HSK114 HSK115 HSK116 SEQ201 SEQ202 SEQ203 SEQ204 SEQ205 SEQ206 SEQ207 SEQ208 SEQ209 SEQ210 SEQ211 SEQ212 SEQ213 SEQ214 SEQ215 ACK301 ACK302 ACK303 ACK304 ACK305 ACK306 ACK307 ACK308 ACK309 WND401 WND402 WND403 WND404 WND405 WND406 WND407 WND408 WND409 WND410 CLS501 CLS502 CLS503 CLS504 CLS505 CLS506 CLS507 CLS508 RST601 RST602 RST603 RST604 RST605 RST606 RST607 RST608 RST609 TWR701 TWR702 TWR703 TWR704 TWR705 TWR706 TWR707 TWR708 TWR709 OPT801 OPT802 OPT803 OPT804 OPT805 OPT806 OPT808 OPT809 OPT810 SEC901 SEC902 SEC903 SEC904 SEC907 SEC908 PTH101 PTH105 PTH109 PRF104 PRF110 PRF112 PRF113 CAP101 CAP102 CAP103 CAP104 CAP105 CAP106 CAP107 CAP108 CAP109 CAP110 CAP111 CAP112 CAP113 CAP114 CAP115 CAP116 CAP117 CAP118 CAP119 CAP120 LNT101 LNT102 LNT201 LNT202 LNT203'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint rules" pcap' -l 'pcap' -d 'Write an example of the rule to a pcap file, for Wireshark.' -rF
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint rules" example' -l 'example' -d 'Which example, from 1.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint rules" color' -l 'color' -d 'Color the text: auto, always or never.' -rfka 'auto always never'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint rules" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint rules" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint baseline" -eq 1' -fa 'create' -d 'Write the baseline of these captures.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint baseline" -eq 1' -fa 'check' -d 'Say what is new, and which entries are stale.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint baseline" -eq 1' -fa 'prune' -d 'Take out of the baseline what is no more, and lower its counts.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint baseline create" -ge 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create" f filter' -l 'filter' -s 'f' -d 'Read only frames that pass this filter (see pcap-filter(7)).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create" c count' -s 'c' -l 'count' -d 'Stop after N frames of each capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create" join' -l 'join' -d 'Read all captures as one recording, in the order given, as of a rotated set.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create" reader' -l 'reader' -d 'Which code walks the records: auto, libpcap or record.' -rfka 'auto libpcap record'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create"' -l 'limit' -d 'Change a bound on what a capture can make grow; NAME is one of flows, half-open-flows, closed-flows, segments-per-flow, evidence, findings-per-rule, findings, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create" config' -l 'config' -d 'Use this configuration for every capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create" isolated' -l 'isolated' -d 'Look for no configuration and no baseline.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create"' -l 'select' -d 'Run only these rules: codes, names or families, as SEQ; instead of the configuration\'s \'select\'.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create"' -l 'ignore' -d 'Leave these rules out; beside the configuration\'s \'ignore\'.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create" fail-on' -l 'fail-on' -d 'The mildest severity that fails the run: info, note, warning or error (default: the configuration\'s, else warning).' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create" require-flows' -l 'require-flows' -d 'How many TCP flows a capture must hold.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create" baseline' -l 'baseline' -d 'Findings of this file are known (default: .flowlint-baseline.yml beside the configuration).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create" no-baseline' -l 'no-baseline' -d 'Use no baseline.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create" force' -l 'force' -d 'Replace a baseline that is there.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline create" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint baseline check" -ge 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" f filter' -l 'filter' -s 'f' -d 'Read only frames that pass this filter (see pcap-filter(7)).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" c count' -s 'c' -l 'count' -d 'Stop after N frames of each capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" join' -l 'join' -d 'Read all captures as one recording, in the order given, as of a rotated set.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" reader' -l 'reader' -d 'Which code walks the records: auto, libpcap or record.' -rfka 'auto libpcap record'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check"' -l 'limit' -d 'Change a bound on what a capture can make grow; NAME is one of flows, half-open-flows, closed-flows, segments-per-flow, evidence, findings-per-rule, findings, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" config' -l 'config' -d 'Use this configuration for every capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" isolated' -l 'isolated' -d 'Look for no configuration and no baseline.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check"' -l 'select' -d 'Run only these rules: codes, names or families, as SEQ; instead of the configuration\'s \'select\'.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check"' -l 'ignore' -d 'Leave these rules out; beside the configuration\'s \'ignore\'.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" fail-on' -l 'fail-on' -d 'The mildest severity that fails the run: info, note, warning or error (default: the configuration\'s, else warning).' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" require-flows' -l 'require-flows' -d 'How many TCP flows a capture must hold.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" baseline' -l 'baseline' -d 'Findings of this file are known (default: .flowlint-baseline.yml beside the configuration).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" no-baseline' -l 'no-baseline' -d 'Use no baseline.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check"' -s 'o' -l 'output' -d 'Write FORMAT (text, concise, json, jsonl, csv, sarif, github, gitlab, junit, checkstyle, html, eve, neutral, xplot) to PATH or standard output; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" color' -l 'color' -d 'Color the text: auto, always or never.' -rfka 'auto always never'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" q quiet' -l 'quiet' -s 'q' -d 'Findings only: no summaries, no progress.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" severity' -l 'severity' -d 'The mildest severity the text tells in full: info, note, warning or error.' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" sarif-profile' -l 'sarif-profile' -d 'How SARIF places findings: standard (octets of the record) or github (frame number as line).' -rfka 'standard github'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" frames' -l 'frames' -d 'Also write a record for each frame that was judged (jsonl).'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" flow-metrics' -l 'flow-metrics' -d 'Which metrics a flow\'s record has (json, jsonl): basic, or full, which takes longer.' -rfka 'basic full'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint baseline prune" -ge 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune" f filter' -l 'filter' -s 'f' -d 'Read only frames that pass this filter (see pcap-filter(7)).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune" c count' -s 'c' -l 'count' -d 'Stop after N frames of each capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune" join' -l 'join' -d 'Read all captures as one recording, in the order given, as of a rotated set.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune" reader' -l 'reader' -d 'Which code walks the records: auto, libpcap or record.' -rfka 'auto libpcap record'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune"' -l 'limit' -d 'Change a bound on what a capture can make grow; NAME is one of flows, half-open-flows, closed-flows, segments-per-flow, evidence, findings-per-rule, findings, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune" config' -l 'config' -d 'Use this configuration for every capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune" isolated' -l 'isolated' -d 'Look for no configuration and no baseline.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune"' -l 'select' -d 'Run only these rules: codes, names or families, as SEQ; instead of the configuration\'s \'select\'.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune"' -l 'ignore' -d 'Leave these rules out; beside the configuration\'s \'ignore\'.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune" fail-on' -l 'fail-on' -d 'The mildest severity that fails the run: info, note, warning or error (default: the configuration\'s, else warning).' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune" require-flows' -l 'require-flows' -d 'How many TCP flows a capture must hold.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune" baseline' -l 'baseline' -d 'Findings of this file are known (default: .flowlint-baseline.yml beside the configuration).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune" no-baseline' -l 'no-baseline' -d 'Use no baseline.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint baseline prune" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint config" -eq 1' -fa 'show' -d 'Print what captures at this path are judged by.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint config" -eq 1' -fa 'check' -d 'Check configurations without linting.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint config" -eq 1' -fa 'schema' -d 'Print the JSON Schema of .flowlint.yml, for editors.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config show" config' -l 'config' -d 'Use this configuration for every capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config show" isolated' -l 'isolated' -d 'Look for no configuration and no baseline.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config show"' -l 'select' -d 'Run only these rules: codes, names or families, as SEQ; instead of the configuration\'s \'select\'.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config show"' -l 'ignore' -d 'Leave these rules out; beside the configuration\'s \'ignore\'.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config show" fail-on' -l 'fail-on' -d 'The mildest severity that fails the run: info, note, warning or error (default: the configuration\'s, else warning).' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config show" require-flows' -l 'require-flows' -d 'How many TCP flows a capture must hold.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config show" baseline' -l 'baseline' -d 'Findings of this file are known (default: .flowlint-baseline.yml beside the configuration).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config show" no-baseline' -l 'no-baseline' -d 'Use no baseline.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config show" origin' -l 'origin' -d 'Also say where each setting comes from.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config show" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config check" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config schema" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint config schema" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint follow" -ge 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" f filter' -l 'filter' -s 'f' -d 'Read only frames that pass this filter (see pcap-filter(7)).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" c count' -s 'c' -l 'count' -d 'Stop after N frames of each capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" join' -l 'join' -d 'Read all captures as one recording, in the order given, as of a rotated set.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" reader' -l 'reader' -d 'Which code walks the records: auto, libpcap or record.' -rfka 'auto libpcap record'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow"' -l 'limit' -d 'Change a bound on what a capture can make grow; NAME is one of flows, half-open-flows, closed-flows, segments-per-flow, evidence, findings-per-rule, findings, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" overlap' -l 'overlap' -d 'Which of two segments gives the octets both carry: first, last, or as a linux, windows or bsd receiver takes them.' -rfka 'first last linux windows bsd'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" bad-checksums' -l 'bad-checksums' -d 'Take segments whose TCP checksum is wrong, too.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" direction' -l 'direction' -d 'Whose octets: both, originator or responder.' -rfka 'both originator responder'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" format' -l 'format' -d 'How to print: text, hex or raw (the octets alone).' -rfka 'text hex raw'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" color' -l 'color' -d 'Color the text: auto, always or never.' -rfka 'auto always never'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint extract" -ge 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" f filter' -l 'filter' -s 'f' -d 'Read only frames that pass this filter (see pcap-filter(7)).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" c count' -s 'c' -l 'count' -d 'Stop after N frames of each capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" join' -l 'join' -d 'Read all captures as one recording, in the order given, as of a rotated set.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" reader' -l 'reader' -d 'Which code walks the records: auto, libpcap or record.' -rfka 'auto libpcap record'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract"' -l 'limit' -d 'Change a bound on what a capture can make grow; NAME is one of flows, half-open-flows, closed-flows, segments-per-flow, evidence, findings-per-rule, findings, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" overlap' -l 'overlap' -d 'Which of two segments gives the octets both carry: first, last, or as a linux, windows or bsd receiver takes them.' -rfka 'first last linux windows bsd'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" bad-checksums' -l 'bad-checksums' -d 'Take segments whose TCP checksum is wrong, too.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" direction' -l 'direction' -d 'Whose octets: both, originator or responder.' -rfka 'both originator responder'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" d directory' -s 'd' -l 'directory' -d 'Where to put the files; made if need be.' -rfa '(__flowlint_complete_directories)'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" names' -l 'names' -d 'Name the files by ends or by community-id.' -rfka 'ends community-id'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" force' -l 'force' -d 'Overwrite files that exist.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint annotate" -eq 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint annotate" o output' -l 'output' -s 'o' -d 'The pcapng to write; - is standard output.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'pcapng\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint annotate" flow' -l 'flow' -d 'Keep only frames of this flow, and comment only on it.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint annotate" findings-only' -l 'findings-only' -d 'Keep only frames with a comment.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint annotate" around' -l 'around' -d 'With --findings-only, keep N frames before and after each, too.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint annotate" severity' -l 'severity' -d 'The mildest severity commented on: info, note, warning or error.' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint annotate"' -l 'select' -d 'Run only these rules: codes, names or families.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint annotate"' -l 'ignore' -d 'Leave these rules out.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint annotate" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint annotate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint script" -eq 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint script" o output' -l 'output' -s 'o' -d 'Where to write: a pcap for a script, text for a capture.' -rF
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint script" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint script" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint show" -ge 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint show" f filter' -l 'filter' -s 'f' -d 'Read only frames that pass this filter (see pcap-filter(7)).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint show" c count' -s 'c' -l 'count' -d 'Stop after N frames of each capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint show" join' -l 'join' -d 'Read all captures as one recording, in the order given, as of a rotated set.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint show" reader' -l 'reader' -d 'Which code walks the records: auto, libpcap or record.' -rfka 'auto libpcap record'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint show"' -l 'limit' -d 'Change a bound on what a capture can make grow; NAME is one of flows, half-open-flows, closed-flows, segments-per-flow, evidence, findings-per-rule, findings, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint show" graph' -l 'graph' -d 'Write the time-sequence graph to FILE instead of the ladder: .svg, or .xpl for xplot; - is standard output.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint show" all' -l 'all' -d 'Draw every segment, long regular stretches too.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint show" severity' -l 'severity' -d 'The mildest finding that is shown: info, note, warning or error.' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint show" color' -l 'color' -d 'Color the text: auto, always or never.' -rfka 'auto always never'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint show" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint states" -ge 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint states" f filter' -l 'filter' -s 'f' -d 'Read only frames that pass this filter (see pcap-filter(7)).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint states" c count' -s 'c' -l 'count' -d 'Stop after N frames of each capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint states" join' -l 'join' -d 'Read all captures as one recording, in the order given, as of a rotated set.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint states" reader' -l 'reader' -d 'Which code walks the records: auto, libpcap or record.' -rfka 'auto libpcap record'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint states"' -l 'limit' -d 'Change a bound on what a capture can make grow; NAME is one of flows, half-open-flows, closed-flows, segments-per-flow, evidence, findings-per-rule, findings, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint states"' -l 'at' -d 'The moment: seconds from the capture\'s first frame, as 1.5 or 250ms; @ before seconds since 1970; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint states" time-wait' -l 'time-wait' -d 'How long TIME-WAIT lasts, as 60s: 2 MSL.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint states" o output' -l 'output' -s 'o' -d 'How to print: text or csv.' -rfka 'text csv'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint states" color' -l 'color' -d 'Color the text: auto, always or never.' -rfka 'auto always never'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint states" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint states" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint flows" -ge 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint flows" f filter' -l 'filter' -s 'f' -d 'Read only frames that pass this filter (see pcap-filter(7)).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint flows" c count' -s 'c' -l 'count' -d 'Stop after N frames of each capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint flows" join' -l 'join' -d 'Read all captures as one recording, in the order given, as of a rotated set.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint flows" reader' -l 'reader' -d 'Which code walks the records: auto, libpcap or record.' -rfka 'auto libpcap record'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint flows"' -l 'limit' -d 'Change a bound on what a capture can make grow; NAME is one of flows, half-open-flows, closed-flows, segments-per-flow, evidence, findings-per-rule, findings, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint flows" where' -l 'where' -d 'List only these flows.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint flows" sort' -l 'sort' -d 'Sort by a column; - before it for the greatest first.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint flows" columns' -l 'columns' -d 'Columns, with commas between them.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint flows" head' -l 'head' -d 'Show at most N flows of each capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint flows" o output' -l 'output' -s 'o' -d 'How to print: text, csv, jsonl or zeek.' -rfka 'text csv jsonl zeek'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint flows" color' -l 'color' -d 'Color the text: auto, always or never.' -rfka 'auto always never'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint flows" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint flows" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint doctor" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint help" version' -l 'version' -d 'Show the version.'
