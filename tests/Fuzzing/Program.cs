using Fuzzing;

// an option of the fuzzer makes it run; anything else is for the test runner
if (FuzzOptions.TryParse(args) is { } options) return await FuzzCommand.RunAsync(options);
return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
    ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
