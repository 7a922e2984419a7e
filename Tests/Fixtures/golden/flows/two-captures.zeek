#separator \x09
#set_separator	,
#empty_field	(empty)
#unset_field	-
#path	conn
#fields	ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	proto	service	duration	orig_bytes	resp_bytes	conn_state	local_orig	local_resp	missed_bytes	history	orig_pkts	orig_ip_bytes	resp_pkts	resp_ip_bytes	tunnel_parents	community_id
#types	time	string	addr	port	addr	port	enum	string	interval	count	count	string	bool	bool	count	string	count	count	count	count	set[string]	string
1795253806.241624	F1	10.7.0.1	41000	10.7.0.2	80	tcp	-	0.303924	200	300	RSTO	-	-	0	ShADadfFR	6	452	6	552	-	1:UsJwgxnKD3INdNImTMrqihBxub0=
1795253806.531021	F2	10.7.0.1	41000	10.7.0.2	80	tcp	-	0.070326	200	300	SF	-	-	0	ShADadfF	6	464	5	512	-	1:UsJwgxnKD3INdNImTMrqihBxub0=
1795253739.701978	F1	10.7.0.1	57792	10.7.0.2	80	tcp	-	0.417966	211749	0	SF	-	-	0	ShADaTFf	155	225609	120	7232	-	1:fWJn0Wlf9fzadTMofVjPFTWxAsU=
