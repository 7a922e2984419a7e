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
            __flowlint_parse_subcommand -r 1 'f/filter=' 'c/count=' 'join' 'reader=' 'limit=+' 'o/output=+' 'color=' 'q/quiet' 'severity=' 'frames' 'select=+' 'ignore=+' 'version' 'h/help'
        case 'rules'
            __flowlint_parse_subcommand 1 'pcap=' 'example=' 'color=' 'version' 'h/help'
        case 'doctor'
            __flowlint_parse_subcommand 0 'version' 'h/help'
        case 'follow'
            __flowlint_parse_subcommand -r 1 'f/filter=' 'c/count=' 'join' 'reader=' 'limit=+' 'overlap=' 'bad-checksums' 'direction=' 'format=' 'color=' 'version' 'h/help'
        case 'extract'
            __flowlint_parse_subcommand -r 1 'f/filter=' 'c/count=' 'join' 'reader=' 'limit=+' 'overlap=' 'bad-checksums' 'direction=' 'd/directory=' 'names=' 'force' 'version' 'h/help'
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
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'rules' -d 'List the rules, or explain one: what, why, remedy, false positives, sources, examples.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'doctor' -d 'Check the libraries, the right to capture and the terminal.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'follow' -d 'Print the reassembled byte streams of one flow, gaps marked.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'extract' -d 'Write the reassembled byte streams of all flows to files.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint analyze" -ge 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" f filter' -l 'filter' -s 'f' -d 'Read only frames that pass this filter (see pcap-filter(7)).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" c count' -s 'c' -l 'count' -d 'Stop after N frames of each capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" join' -l 'join' -d 'Read all captures as one recording, in the order given, as of a rotated set.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" reader' -l 'reader' -d 'Which code walks the records: auto, libpcap or record.' -rfka 'auto libpcap record'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze"' -l 'limit' -d 'Change a bound on what a capture can make grow; NAME is one of flows, segments-per-flow, evidence, findings-per-rule, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze"' -s 'o' -l 'output' -d 'Write FORMAT (text, concise, json, jsonl, csv, neutral) to PATH or standard output; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" color' -l 'color' -d 'Color the text: auto, always or never.' -rfka 'auto always never'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" q quiet' -l 'quiet' -s 'q' -d 'Findings only: no summaries, no progress.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" severity' -l 'severity' -d 'The mildest severity the text tells in full: info, note, warning or error.' -rfka 'info note warning error'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" frames' -l 'frames' -d 'Also write a record for each frame that was judged (jsonl).'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze"' -l 'select' -d 'Run only these rules: codes, names or families, as SEQ; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze"' -l 'ignore' -d 'Leave these rules out; may be repeated.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint analyze" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint rules" -eq 1' -fka 'HSK101 HSK102 HSK103 HSK104 HSK105 HSK106 HSK107 HSK108 HSK109 HSK110 HSK111 HSK112 HSK113 SEQ201 SEQ202 SEQ203 SEQ204 SEQ205 SEQ206 SEQ207 SEQ208 SEQ209 SEQ210 SEQ211 SEQ212 SEQ213 SEQ214 SEQ215 ACK301 ACK302 ACK303 ACK304 ACK305 ACK306 ACK307 ACK308 ACK309 WND401 WND402 WND403 WND404 WND405 WND406 WND407 WND408 WND409 WND410 CLS501 CLS502 CLS503 CLS504 CLS505 CLS506 CLS507 RST601 RST602 RST603 RST604 RST605 RST606 RST607 RST608 RST609 TWR701 TWR702 TWR703 TWR704 TWR705 TWR706 TWR707 OPT801 OPT802 OPT804 OPT805 OPT806 OPT808 OPT809 SEC901 SEC902 SEC903 SEC908 PTH109 PRF113 CAP101 CAP102 CAP103 CAP104 CAP105 CAP107 CAP108 CAP109 CAP110 CAP111 CAP112 CAP113 CAP114 CAP115 CAP116 CAP117 CAP118 CAP119'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint rules" pcap' -l 'pcap' -d 'Write an example of the rule to a pcap file, for Wireshark.' -rF
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint rules" example' -l 'example' -d 'Which example, from 1.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint rules" color' -l 'color' -d 'Color the text: auto, always or never.' -rfka 'auto always never'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint rules" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint rules" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint doctor" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_positional "flowlint follow" -ge 1' -F
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" f filter' -l 'filter' -s 'f' -d 'Read only frames that pass this filter (see pcap-filter(7)).' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" c count' -s 'c' -l 'count' -d 'Stop after N frames of each capture.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" join' -l 'join' -d 'Read all captures as one recording, in the order given, as of a rotated set.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow" reader' -l 'reader' -d 'Which code walks the records: auto, libpcap or record.' -rfka 'auto libpcap record'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint follow"' -l 'limit' -d 'Change a bound on what a capture can make grow; NAME is one of flows, segments-per-flow, evidence, findings-per-rule, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
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
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract"' -l 'limit' -d 'Change a bound on what a capture can make grow; NAME is one of flows, segments-per-flow, evidence, findings-per-rule, fragmented-datagrams, fragment-octets, nesting, buffered-octets.' -rfka ''
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" overlap' -l 'overlap' -d 'Which of two segments gives the octets both carry: first, last, or as a linux, windows or bsd receiver takes them.' -rfka 'first last linux windows bsd'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" bad-checksums' -l 'bad-checksums' -d 'Take segments whose TCP checksum is wrong, too.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" direction' -l 'direction' -d 'Whose octets: both, originator or responder.' -rfka 'both originator responder'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" d directory' -s 'd' -l 'directory' -d 'Where to put the files; made if need be.' -rfa '(__flowlint_complete_directories)'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" names' -l 'names' -d 'Name the files by ends or by community-id.' -rfka 'ends community-id'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" force' -l 'force' -d 'Overwrite files that exist.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" version' -l 'version' -d 'Show the version.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint extract" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'flowlint' -n '__flowlint_should_offer_completions_for_flags_or_options "flowlint help" version' -l 'version' -d 'Show the version.'
