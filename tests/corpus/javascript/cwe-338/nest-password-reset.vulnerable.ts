import { Body, Controller, Injectable, Post } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { User } from './user.entity';
import { MailService } from './mail.service';

@Injectable()
export class PasswordResetService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly mail: MailService,
  ) {}

  private createToken(): string {
    const part = () => Math.random().toString(36).slice(2);
    return part() + part() + Date.now().toString(36);
  }

  async start(email: string): Promise<void> {
    const user = await this.users.findOneBy({ email });
    if (!user) {
      return;
    }
    user.resetToken = this.createToken();
    user.resetExpires = new Date(Date.now() + 30 * 60 * 1000);
    await this.users.save(user);
    await this.mail.send(email, `https://app.example.com/reset/${user.resetToken}`);
  }
}

@Controller('password')
export class PasswordController {
  constructor(private readonly reset: PasswordResetService) {}

  @Post('forgot')
  async forgot(@Body('email') email: string) {
    await this.reset.start(email);
    return { ok: true };
  }
}
