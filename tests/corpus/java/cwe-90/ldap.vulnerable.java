package com.acme.auth;

import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.DirContext;
import javax.naming.directory.SearchControls;
import javax.naming.directory.SearchResult;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class A08Ldap {
    private final DirContext context;

    public A08Ldap(DirContext context) {
        this.context = context;
    }

    @PostMapping("/lookup")
    public boolean exists(@RequestParam("uid") String uid) throws NamingException {
        String filter = "(&(objectClass=person)(uid=" + uid + "))";
        NamingEnumeration<SearchResult> found = context.search("ou=people", filter, new SearchControls());
        return found.hasMore();
    }
}
