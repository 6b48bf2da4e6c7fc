import org.springframework.security.config.annotation.web.builders.HttpSecurity;

public class Security {
  SecurityFilterChain pages(HttpSecurity http) throws Exception {
    // ruleid: oreva.java.csrf.spring-csrf-disabled
    http.csrf(csrf -> csrf.disable());
    return http.build();
  }

  void old(HttpSecurity http) throws Exception {
    // ruleid: oreva.java.csrf.spring-csrf-disabled
    http.csrf().disable();
  }

  SecurityFilterChain api(HttpSecurity http) throws Exception {
    // ok: oreva.java.csrf.spring-csrf-disabled
    http.csrf(csrf -> csrf.disable());
    http.sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    return http.build();
  }

  SecurityFilterChain safe(HttpSecurity http) throws Exception {
    // ok: oreva.java.csrf.spring-csrf-disabled
    http.csrf(csrf -> csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse()));
    return http.build();
  }
}
